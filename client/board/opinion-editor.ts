import { defaultKeymap } from '@codemirror/commands';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap, placeholder, ViewPlugin } from '@codemirror/view';
import { ySyncAnnotation, yCollab, yUndoManagerKeymap } from 'y-codemirror.next';
import * as Y from 'yjs';
import { boardLimits, wholeText } from '../../shared/board/schema.ts';
import { holdWhileComposing } from '../connection/compose-hold.ts';
import type { EditorBinding } from './board-store.svelte.ts';

export interface OpinionEditor {
  focus(): void;
  close(): void;
}

export interface OpinionEditorParts {
  readonly parent: HTMLElement;
  readonly binding: EditorBinding;
  readonly label: string;
  readonly placeholder: string;
  /** Ctrl/Cmd+Enter or Esc. */
  readonly onDone: () => void;
}

/** The editor of one card's text: others' carets by name, undo of one's own edits only. Loaded when first needed. */
export function openOpinionEditor({
  parent,
  binding,
  label,
  placeholder: hint,
  onDone,
}: OpinionEditorParts): OpinionEditor {
  const { text, awareness, hold } = binding;
  const undoManager = new Y.UndoManager(text);
  const done = () => {
    onDone();
    return true;
  };
  const words = text.toJSON();
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: words,
      selection: { anchor: words.length },
      extensions: [
        keymap.of([
          { key: 'Mod-Enter', run: done },
          { key: 'Escape', run: done },
          ...yUndoManagerKeymap,
          ...defaultKeymap,
        ]),
        // what no card can hold is left out here, so that nobody's paste is refused for it
        EditorView.clipboardInputFilter.of(wholeText),
        EditorView.lineWrapping,
        noLongerThan(boardLimits.cardChars),
        placeholder(hint),
        EditorView.contentAttributes.of({
          'aria-label': label,
          spellcheck: 'false',
          autocorrect: 'off',
          autocapitalize: 'off',
        }),
        yCollab(text, awareness, { undoManager }),
        turnedNames,
        theme,
      ],
    }),
  });
  const untie = hold ? holdWhileComposing(hold, view.contentDOM, view) : () => undefined;
  return {
    focus: () => view.focus(),
    close() {
      untie();
      if (awareness.getLocalState()) awareness.setLocalStateField('cursor', null);
      view.destroy();
      undoManager.destroy();
    },
  };
}

/** The server refuses a longer text, with all that was written beside it: here it just goes no further. */
const noLongerThan = (limit: number): Extension =>
  EditorState.changeFilter.of(
    (transaction) =>
      transaction.annotation(ySyncAnnotation) !== undefined ||
      transaction.newDoc.length <= Math.max(limit, transaction.startState.doc.length),
  );

/** The name at a caret near the line's end turns to the left, where there is room for it. */
const turnedNames = ViewPlugin.define((view) => {
  const measure = {
    read: () => {
      const { right } = view.scrollDOM.getBoundingClientRect();
      const carets = view.contentDOM.querySelectorAll<HTMLElement>('.cm-ySelectionCaret');
      return Array.from(carets, (caret) => {
        const width = caret.querySelector<HTMLElement>('.cm-ySelectionInfo')?.offsetWidth ?? 0;
        return { caret, turned: caret.getBoundingClientRect().left + width > right };
      });
    },
    write: (carets: readonly { caret: HTMLElement; turned: boolean }[]) => {
      for (const { caret, turned } of carets) caret.classList.toggle('turned', turned);
    },
  };
  return { update: () => view.requestMeasure(measure) };
});

const theme = EditorView.theme({
  '&': { fontSize: 'inherit' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'inherit', lineHeight: 'inherit', overflowX: 'hidden' },
  // room above the first line for the name at a caret
  '.cm-content': { padding: '18px 0 4px', minHeight: '5.5em', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 2px' },
  '.cm-placeholder': { color: 'var(--ink-muted)' },
  '.cm-ySelectionCaret': { borderLeftWidth: '2px', borderRightWidth: '0', marginRight: '0' },
  '.cm-ySelectionCaretDot': { display: 'none' },
  '.cm-ySelectionInfo': {
    opacity: '1',
    top: '-17px',
    left: '-2px',
    padding: '1px 5px 2px',
    borderRadius: '3px 3px 3px 0',
    fontFamily: 'inherit',
    fontSize: '11px',
    fontWeight: '600',
    lineHeight: '14px',
    pointerEvents: 'none',
  },
  '.turned .cm-ySelectionInfo': { left: 'auto', right: '-1px', borderRadius: '3px 3px 0 3px' },
});
