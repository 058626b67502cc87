import type { SimilarPair } from './similar-pairs.ts';

/**
 * Written when lexicon, weights and threshold were done, and never looked at to change them: what can be hoped for from
 * words that the ranking has not met.
 */
export const heldOutPairs: readonly SimilarPair[] = [
  ['新装的电梯老是出故障把人关在里面，坏了不知道找谁修', 'lift-upkeep'],
  ['看病的车把医院门前的大路堵死了，急救车都过不去', 'parking-hospital'],
  ['楼里的灭火器早就过了有效期，消防栓也不出水，该有人来查一查', 'fire-hydrants'],
  ['独自生活的老人用煤气不安全，胶管都裂了，希望免费更换', 'gas-hoses'],
  ['高层住户水流太小，水塔好久没清洗，喝着不放心', 'water-tanks'],
  ['腿脚不好的老年人爬楼费劲，楼梯边上连个抓手都没有，灯也不亮', 'elder-handrails'],
  ['盲人走的路被电动车和柱子挡住，根本没法走', 'blind-path'],
  ['地铁站出口的小黄车乱摆乱放，把路都堵了', 'shared-bikes'],
  ['邻居装修拆下来的砖头沙子扔在路旁没人拉走', 'waste-decoration'],
  ['给工业园送货没有地方停，停一下就被贴罚单', 'shop-loading'],
  ['做了政府的项目一直拿不到钱，没法给工人发工资', 'biz-arrears'],
  ['打市民热线没有用，部门踢皮球，没解决就说办好了', 'gov-hotline'],
  ['想带宝宝喂奶，公园里的哺乳室老是锁着', 'park-nursing-room'],
  ['住了好多年的房子一直没有产权证，娃上不了户口', 'housing-deeds'],
  ['周末学校的篮球场空着，附近的年轻人能进去打球吗', 'sports-schools'],
  ['拉土的大车夜里开得飞快，尘土漏了一路', 'dust-trucks'],
];
