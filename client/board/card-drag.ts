import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import {
  draggable,
  dropTargetForElements,
} from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import {
  attachInstruction,
  extractInstruction,
} from '@atlaskit/pragmatic-drag-and-drop-hitbox/list-item';

/** Where a dragged card was let go: beside another card, onto it, or on a lane's free ground. */
export interface Drop {
  readonly card: string;
  readonly lane: string;
  readonly beside?: { readonly card: string; readonly edge: 'top' | 'bottom' };
  /** The middle of another card: merge into it. */
  readonly onto?: string;
}

interface Draggable {
  readonly card: string;
  readonly lane: () => string;
  readonly may: () => boolean;
  /** May that card be merged into this one? Then the middle takes it in, and only the edges place it beside. */
  readonly takesIn: (card: string) => boolean;
  /** What is written over a card that would take another in. */
  readonly takesInHint: string;
  readonly onDrop: (drop: Drop) => void;
}

const CARD = 'data-drop-edge';
const ONTO = 'data-drop-onto';
const LANE = 'data-drop-here';
const cardIn = (data: Record<string | symbol, unknown>): string | undefined =>
  typeof data['card'] === 'string' ? data['card'] : undefined;

/** Makes a card's element draggable, and a place to drop beside. */
export const dragCard =
  ({ card, lane, may, takesIn, takesInHint, onDrop }: Draggable) =>
  (element: HTMLElement): (() => void) => {
    const mark = (place: Place | undefined) => {
      setOrRemove(element, CARD, place && place !== 'onto' ? place : undefined);
      setOrRemove(element, ONTO, place === 'onto' ? takesInHint : undefined);
    };
    return combine(
      draggable({
        element,
        canDrag: may,
        getInitialData: () => ({ card }),
        onDragStart: () => element.setAttribute('data-dragging', ''),
        onDrop: () => element.removeAttribute('data-dragging'),
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => cardIn(source.data) !== undefined && cardIn(source.data) !== card,
        getData: ({ input, source }) => {
          const onto = takesIn(cardIn(source.data) ?? '') ? 'available' : 'not-available';
          const operations = {
            'reorder-before': 'available',
            'reorder-after': 'available',
          } as const;
          return attachInstruction(
            { card },
            { input, element, operations: { ...operations, combine: onto } },
          );
        },
        onDrag: ({ self }) => mark(placeIn(self.data)),
        onDragLeave: () => mark(undefined),
        onDrop: ({ self, source }) => {
          mark(undefined);
          const dragged = cardIn(source.data);
          const place = placeIn(self.data);
          if (dragged === undefined || place === undefined) return;
          const at = { card: dragged, lane: lane() };
          onDrop(
            place === 'onto' ? { ...at, onto: card } : { ...at, beside: { card, edge: place } },
          );
        },
      }),
    );
  };

type Place = 'top' | 'bottom' | 'onto';

function placeIn(data: Record<string | symbol, unknown>): Place | undefined {
  const places = { 'reorder-before': 'top', 'reorder-after': 'bottom', combine: 'onto' } as const;
  const instruction = extractInstruction(data);
  return instruction ? places[instruction.operation] : undefined;
}

const setOrRemove = (element: HTMLElement, name: string, value: string | undefined): void =>
  value === undefined ? element.removeAttribute(name) : element.setAttribute(name, value);

/** Makes a lane a place to drop at its end. */
export const dropOnLane =
  (lane: string, onDrop: (drop: Drop) => void) =>
  (element: HTMLElement): (() => void) => {
    const isInnermost = ({ dropTargets }: { dropTargets: readonly { element: Element }[] }) =>
      dropTargets[0]?.element === element;
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => cardIn(source.data) !== undefined,
      // a card under the pointer answers for itself
      onDropTargetChange: ({ location }) =>
        element.toggleAttribute(LANE, isInnermost(location.current)),
      onDrop: ({ source, location }) => {
        element.removeAttribute(LANE);
        const dragged = cardIn(source.data);
        if (dragged !== undefined && isInnermost(location.current)) onDrop({ card: dragged, lane });
      },
    });
  };
