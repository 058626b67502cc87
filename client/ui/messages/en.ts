import { board } from './board.en.ts';
import { desk } from './desk.en.ts';
import { entry } from './entry.en.ts';
import { office } from './office.en.ts';
import { citizen } from './public.en.ts';
import { room } from './room.en.ts';
import type { Translated } from './translated.ts';
import { ui } from './ui.en.ts';
import type { chinese } from './zh-cn.ts';

export const english: Translated<typeof chinese> = {
  ui,
  room,
  desk,
  board,
  citizen,
  entry,
  office,
};
