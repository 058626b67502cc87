import type { PlannedStage } from './stage.ts';

/** The usual two hours: what a new consultation begins with, to be changed as the meeting wants. */
export const usualAgenda: readonly PlannedStage[] = [
  { id: 'opening', title: '开场', kind: 'opening', minutes: 3 },
  { id: 'findings', title: '调研短片', kind: 'findings', minutes: 7 },
  { id: 'briefing', title: '部门通报', kind: 'briefing', minutes: 10 },
  { id: 'speeches', title: '预约发言', kind: 'speeches', minutes: 36, speechMinutes: 6 },
  { id: 'remote', title: '连线', kind: 'remote', minutes: 10, speechMinutes: 5 },
  { id: 'questions', title: '互动问答', kind: 'questions', minutes: 20, speechMinutes: 1 },
  { id: 'responses', title: '部门回应', kind: 'responses', minutes: 20, speechMinutes: 5 },
  { id: 'public', title: '扫码选读与评价', kind: 'public', minutes: 8 },
  { id: 'summary', title: '小结', kind: 'summary', minutes: 4 },
  { id: 'commitments', title: '宣读承诺', kind: 'commitments', minutes: 2 },
];
