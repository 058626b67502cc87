import type { Room } from '../room/room.svelte.ts';
import { announce } from '../ui/announce.svelte.ts';
import { t } from '../ui/messages.svelte.ts';
import { formatClock } from '../ui/time.ts';
import { alerts } from './alerts.svelte.ts';
import { hasTurned, speechTime, stageTime, type TimeState } from './time-warnings.ts';

/** Tells whoever speaks, and the desk, that time runs out; nobody else is disturbed. For use while a component is made. */
export function watchTime(room: Room, { desk = false } = {}): void {
  let [speech, stage]: (TimeState | undefined)[] = [];
  $effect(() => {
    const now = room.now;
    const [speechNow, stageNow] = [speechTime(room.state, now), stageTime(room.state, now)];
    const mine = room.state.floor.speaking?.person === room.me?.person;
    if (speechNow && (mine || desk) && hasTurned(speech, speechNow)) {
      announce(speechNews(room, speechNow, mine));
      alerts.give();
    }
    if (stageNow && desk && hasTurned(stage, stageNow)) announce(stageNews(room, stageNow));
    [speech, stage] = [speechNow, stageNow];
  });
}

function speechNews({ state }: Room, { state: turned, left }: TimeState, mine: boolean): string {
  const { person = '', name } = state.floor.speaking ?? {};
  const who = state.roster[person]?.name ?? name ?? t.room.guestName;
  const time = formatClock(left);
  if (turned === 'over') return mine ? t.floor.isOverMine : t.floor.isOver(who);
  return mine ? t.floor.warnedMine(time) : t.floor.warned(who, time);
}

function stageNews({ state }: Room, { state: turned, left }: TimeState): string {
  const { stages, current } = state.agenda;
  const title = stages.find(({ id }) => id === current)?.title ?? '';
  return turned === 'over'
    ? t.floor.stageIsOver(title)
    : t.floor.stageSoon(title, formatClock(left));
}
