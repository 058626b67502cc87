/** For a citizen who asks to speak. */
export const speak = {
  ask: '申请发言',
  name: '怎么称呼您（可不填，现场只显示姓，如“周**”）',
  hint: '主持人点到您时，这里会提示；请在会场向工作人员示意。',
  waiting: '已申请发言，请等候主持人。',
  withdraw: '取消申请',
  now: '请您发言',
};
