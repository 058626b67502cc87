import type { Translated } from './translated.ts';
import type { board as source } from './board.ts';

export const board: Translated<typeof source> = {
  board: 'Board',
  lanes: 'Lanes',
  publicLane: 'From the public',
  ownGroup: 'My group',
  ownGroupTitle: (lane) => `My group: ${lane}`,
  otherGroups: 'Other groups',
  fold: (lane) => `Fold “${lane}”`,
  from: (groups) => `From ${groups.join(', ')}`,
  stages: {
    draft: 'Draft',
    tabled: 'Tabled',
    assigned: 'Assigned',
    answered: 'Answered',
    withdrawn: 'Withdrawn',
  },
  no: (no) => `No. ${no}`,
  cards: (count) => `${count}`,
  fromPublic: 'Citizen',
  someone: 'Participant',
  system: 'System',
  emptyCard: '(empty draft)',
  writingNow: 'editing',
  supportTitle: 'Support: members and the public counted apart',
  support: (members, citizens) => `Room ${members} · Public ${citizens}`,

  write: 'Write an opinion',
  writeIn: (lane) => `Write an opinion in “${lane}”`,
  editorLabel: 'Edit the opinion',
  placeholder: 'Your opinion: what is wrong, where, and what should be done…',
  editorFailed: 'The editor could not be loaded. No words are lost.',
  retry: 'Try again',
  picturesComing: (count) =>
    `${count} more pictures are being uploaded: once tabled, none can be added.`,
  picturesFailed: 'The pictures could not be loaded. Please reload the page.',
  done: 'Done',
  length: (count, limit) => `${count} / ${limit}`,

  table: 'Table',
  tableTitle: 'Tabling fixes the text. Please check it:',
  tableBy: (name) => `Signed: ${name}`,
  confirmTable: 'Table it',
  lookAgain: 'Show the new text',
  back: 'Back',
  textChanged: 'The text has just changed. Look at the new text before tabling it.',
  notSavedYet:
    'The draft is not on the server yet. Try again once you are connected; no words are lost.',
  tabled: 'Tabled',

  whoWrote: 'Who wrote it',
  whoWroteHint: 'See who wrote each word',
  history: 'History',
  boardHistory: 'History of the board',

  more: 'More',
  moveUp: 'Move up (Alt+↑)',
  moveDown: 'Move down (Alt+↓)',
  moveTo: (lane) => `Move to “${lane}”`,
  movedTo: (lane, place) => `Moved to “${lane}”, place ${place}`,
  mergeInto: 'Merge into… (Alt+M)',
  mergeTitle: 'Merge into which one?',
  mergeHint:
    'Every text and author is kept. They are tabled together as one opinion, and can be split again at any time.',
  mergeHintTabled:
    'Numbers, authors and support are kept. The main opinion is assigned and answered for all, and they can be split again at any time. If either is public, both become public.',
  mergeDrop: 'Drop to merge',
  merged: (target) => `Merged into ${target}`,
  split: (card) => `Split: ${card}`,
  splitOut: 'Split',
  mergedHere: 'Merged opinions',
  mergedCount: (count) => `${count} merged`,
  beginning: (words) => `“${words}”`,
  tableWith: (count) => `Tabled with it, each in its own words: ${count}`,
  remove: 'Delete the draft',
  removed: 'Draft deleted',
  undo: 'Undo',

  emptyTitle: 'No opinions yet',
  emptyHint:
    'Press “Write an opinion” to begin. Everyone sees you write; it becomes official when you table it.',
  emptyHintReader: 'What members and representatives write appears here.',
  emptyLane: 'Nothing in this lane yet',
  readOnly: 'You can read drafts and opinions, and change nothing.',
  offline: (waiting) =>
    waiting > 0
      ? `Offline: go on writing. ${waiting} changes are kept on this device and merge when you are connected.`
      : 'Offline: go on writing. Changes are kept on this device and merge when you are connected.',
  closedTitle: 'The board is disconnected',
  closed: {
    notLoggedIn: 'Your login has expired. Please enter by your invitation link again.',
    notFound: 'There is no such board, or you are not on its roster.',
    tooMany: 'You have too many pages open. Close some and reload.',
    other: 'The server closed the connection. Please reload the page.',
  },

  filter: 'Filter',
  showAll: 'Show all',
  find: 'Find words or a number',
  byLane: 'Lane',
  byStage: 'State',
  byAuthor: 'Author',
  byUnit: 'Department',
  found: (count, all) => `${count} of ${all} found`,
  noneFound: 'Nothing in this lane matches',

  keptTitle: (count) =>
    `The server did not take ${count} of your texts; they are kept on this device`,
  keptAdd: 'Add as a new card',
  keptDrop: 'Let it go',
};
