import { emptyAgenda, type Agenda } from './agenda.ts';
import type { Roster } from './attendance.ts';
import { emptyFloor, type Floor } from './floor.ts';
import type { Groups } from './groups.ts';
import { notCreated, type Lifecycle } from './lifecycle.ts';
import type { Opinions } from './opinions.ts';
import type { Responses } from './responses.ts';
import { idleScreen, type Screen } from './screen.ts';
import { noSeats, type Seating } from './seating.ts';
import type { Submissions } from './submissions.ts';

/**
 * One consultation, folded from its events. Plain JSON: it travels as the snapshot. A reader's copy is folded from the
 * events that this reader may hear, so what is hidden from someone is simply not there.
 */
export interface ConsultationState {
  readonly id: string;
  /** Sequence of the last event folded in. */
  readonly seq: number;
  readonly lifecycle: Lifecycle;
  readonly agenda: Agenda;
  readonly roster: Roster;
  readonly seating: Seating;
  readonly floor: Floor;
  readonly opinions: Opinions;
  readonly responses: Responses;
  readonly submissions: Submissions;
  readonly screen: Screen;
  readonly groups: Groups;
}

export const initialState: ConsultationState = {
  id: '',
  seq: 0,
  lifecycle: notCreated,
  agenda: emptyAgenda,
  roster: {},
  seating: noSeats,
  floor: emptyFloor,
  opinions: {},
  responses: {},
  submissions: {},
  screen: idleScreen,
  groups: {},
};
