export type LaneId = 'lane-hall' | 'lane-onsite' | 'lane-mobile';

export interface SampleDraft {
  readonly author: string;
  readonly lane: LaneId;
  readonly text: string;
}

/** What lies on the board of S1 and is not tabled yet; any member may go on writing it. */
export const drafts: readonly SampleDraft[] = [
  {
    author: 'shun-siqi',
    lane: 'lane-hall',
    text: '首贷难,难在小店没有流水证明。建议由街道商会出一份经营情况说明,银行认这份说明,先放一笔小额的,还得上再加。',
  },
  {
    author: 'he-youyu',
    lane: 'lane-hall',
    text: '骨干留不住,多半为孩子上学。能不能把人才认定和入学材料并成一张表,开学前三个月告诉结果?',
  },
  {
    author: 'lu-changming',
    lane: 'lane-onsite',
    text: '商业街要统一门头,颜色和尺寸谁说了算一直没准话。希望先听听店主的,',
  },
  {
    author: 'he-qingyang',
    lane: 'lane-mobile',
    text: '同一张营业执照,今年各个系统里我们传了十一次。建议证照共享目录里有的,一律不再让企业上传。',
  },
];
