import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import {
  draggable,
  dropTargetForElements,
} from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import {
  attachClosestEdge,
  extractClosestEdge,
} from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge';

/** Where a dragged card was let go: beside another card, or on a lane's free ground. */
export interface Drop {
  readonly card: string;
  readonly lane: string;
  readonly beside?: { readonly card: string; readonly edge: 'top' | 'bottom' };
}

interface Draggable {
  readonly card: string;
  readonly lane: () => string;
  readonly may: () => boolean;
  readonly onDrop: (drop: Drop) => void;
}

const CARD = 'data-drop-edge';
const LANE = 'data-drop-here';
const cardIn = (data: Record<string | symbol, unknown>): string | undefined =>
  typeof data['card'] === 'string' ? data['card'] : undefined;

/** Makes a card's element draggable, and a place to drop beside. */
export const dragCard =
  ({ card, lane, may, onDrop }: Draggable) =>
  (element: HTMLElement): (() => void) => {
    const mark = (edge: string | null) =>
      edge === null ? element.removeAttribute(CARD) : element.setAttribute(CARD, edge);
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
        getData: ({ input, element: target }) =>
          attachClosestEdge({ card }, { input, element: target, allowedEdges: ['top', 'bottom'] }),
        onDrag: ({ self }) => mark(extractClosestEdge(self.data)),
        onDragLeave: () => mark(null),
        onDrop: ({ self, source }) => {
          mark(null);
          const edge = extractClosestEdge(self.data) === 'top' ? 'top' : 'bottom';
          const dragged = cardIn(source.data);
          if (dragged !== undefined)
            onDrop({ card: dragged, lane: lane(), beside: { card, edge } });
        },
      }),
    );
  };

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
