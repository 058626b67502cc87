/** What the board says. */
export const board = {
  /** Names the board for those who listen. */
  board: '意见板',
  lanes: '分栏',
  publicLane: '扫码意见',
  stages: {
    draft: '草稿',
    tabled: '已提交',
    assigned: '已交办',
    answered: '已回应',
    withdrawn: '已撤回',
  },
  no: (no: number) => `${no} 号`,
  cards: (count: number) => `${count} 条`,
  fromPublic: '群众',
  someone: '与会人员',
  emptyCard: '（空白草稿）',
  writingNow: '正在编辑',
  supportTitle: '附议：委员代表与群众分开计数',
  support: (members: number, citizens: number) => `会内 ${members} · 群众 ${citizens}`,

  write: '写意见',
  writeIn: (lane: string) => `在“${lane}”写意见`,
  editorLabel: '编辑意见',
  placeholder: '写下您的意见：什么问题，在哪里，希望怎么办……',
  editorFailed: '编辑器没有加载成功，文字没有丢失。',
  retry: '重试',
  done: '完成',
  length: (count: number, limit: number) => `${count} / ${limit} 字`,

  table: '提交',
  tableTitle: '提交后文字即固定，请核对：',
  tableBy: (name: string) => `署名：${name}`,
  confirmTable: '确认提交',
  lookAgain: '看新的文字',
  back: '返回',
  textChanged: '文字刚刚有改动，请看过新的文字再提交。',
  notSavedYet: '草稿还没有保存到服务器。连上网络后请再试一次，文字不会丢失。',
  tabled: '已提交',

  more: '更多操作',
  moveUp: '上移（Alt+↑）',
  moveDown: '下移（Alt+↓）',
  moveTo: (lane: string) => `移动到“${lane}”`,
  movedTo: (lane: string, place: number) => `已移动到“${lane}”第 ${place} 条`,
  remove: '删除草稿',
  removed: '草稿已删除',
  undo: '撤回',

  emptyTitle: '还没有意见',
  emptyHint: '点“写意见”，开始第一条。写的过程大家都能看到，提交后才成为正式意见。',
  emptyHintReader: '委员、代表写的意见会显示在这里。',
  emptyLane: '这一栏还没有意见',
  readOnly: '您可以查看草稿和意见，不能修改。',
  offline: (waiting: number) =>
    waiting > 0
      ? `网络断开：可以继续写，${waiting} 处改动保存在本机，连上后自动合并。`
      : '网络断开：可以继续写，改动会保存在本机，连上后自动合并。',
  closedTitle: '意见板已断开',
  closed: {
    notLoggedIn: '您的登录已失效，请用邀请链接重新进入。',
    notFound: '没有找到这个意见板，或者您不在与会人员名单中。',
    tooMany: '您同时打开的页面太多，请关掉几个再刷新。',
    other: '服务器关闭了连接，请刷新页面。',
  },

  keptTitle: (count: number) => `有 ${count} 份文字服务器没有接收，已保留在本机`,
  keptAdd: '作为新卡片加入',
  keptDrop: '不要了',
};
