import type { CommandData } from '../../shared/consultation/index.ts';

/** One opinion's way through the meeting, with what people say on it. Fictional, like all of the demonstration. */
export interface Act {
  /** Place of the author among the members, counted from 0. */
  readonly author: number;
  readonly lane: string;
  readonly words: string;
  readonly supplement: string;
  /** How many citizens support it. */
  readonly citizens: number;
  readonly department: number;
  readonly answer: Pick<CommandData<'response.record'>, 'text' | 'stance' | 'commitments'>;
  readonly fromTheStreet: string;
}

export const acts: readonly Act[] = [
  {
    author: 0,
    lane: '会场',
    words: '企业最怕政策变来变去。建议出台涉企政策前先开听证会，留出三个月过渡期，',
    supplement: '并把征求意见和采纳情况一并公开。',
    citizens: 2,
    department: 3,
    answer: {
      text: '完全赞同。今后涉企政策一律先征求企业意见，设置不少于三十日的过渡期，采纳情况随文件公开。',
      stance: 'adopt',
      commitments: [
        { what: '印发涉企政策征求意见办法', officer: '工致远', days: 30, dayKind: 'working' },
      ],
    },
    fromTheStreet: '商业街晚上路灯太暗，收摊以后不敢走。希望修一修，再加几个摄像头。',
  },
  {
    author: 2,
    lane: '移动',
    words: '初创公司租不起整层楼。建议把闲置厂房改成共享办公和中试车间，按工位和时段出租，',
    supplement: '设备由几家一起用，费用公开。',
    citizens: 3,
    department: 3,
    answer: {
      text: '我们先摸清三处闲置厂房的底数，会同属地提出改造方案，再回来向大家报告。',
      stance: 'study',
      commitments: [
        { what: '提出闲置厂房共享改造方案', officer: '工致远', days: 40, dayKind: 'working' },
      ],
    },
    fromTheStreet: '办事大厅中午能不能不关门？上班的人只有中午有空。',
  },
  {
    author: 3,
    lane: '现场',
    words: '店门口的外摆，有时候让摆有时候不让摆。建议划好线、定好时间，',
    supplement: '让守规矩的人心里有底，也让行人走得顺。',
    citizens: 3,
    department: 1,
    answer: {
      text: '可以试。我们会同城管在望泉商业街划定外摆区，公布时段和卫生要求，先试行三个月。',
      stance: 'partly',
      commitments: [
        { what: '公布望泉商业街外摆试点方案', officer: '市清和', days: 15, dayKind: 'working' },
      ],
    },
    fromTheStreet: '希望商量的结果能贴到商业街的公告栏，老人不会用手机。',
  },
];
