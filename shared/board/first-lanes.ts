import type * as Y from 'yjs';
import type { Form } from '../consultation/lifecycle.ts';
import { addLane, lanesOf, type Lane } from './schema.ts';

type FirstLane = Omit<Lane, 'order'> & { readonly when: (form: Form) => boolean };

const firstLanes: readonly FirstLane[] = [
  { id: 'lane-hall', title: '会场意见', kind: 'site', site: 'hall', when: ({ hall }) => hall },
  {
    id: 'lane-onsite',
    title: '现场意见',
    kind: 'site',
    site: 'onsite',
    when: ({ onsite }) => onsite,
  },
  {
    id: 'lane-mobile',
    title: '移动意见',
    kind: 'site',
    site: 'mobile',
    when: ({ mobile }) => mobile,
  },
  { id: 'lane-public', title: '扫码意见', kind: 'public', when: () => true },
];

/** A new board is ready to be written on: a lane for each place that takes part, and one for the citizens. */
export function layFirstLanes(doc: Y.Doc, form: Form): void {
  for (const { when, ...lane } of firstLanes) {
    if (when(form) && !lanesOf(doc).has(lane.id)) addLane(doc, lane);
  }
}
