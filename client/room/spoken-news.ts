import { t } from '../ui/messages.svelte.ts';
import type { Announcement } from './announcements.ts';

/** An announcement in the user's language. */
export function inWords(news: Announcement): string {
  switch (news.kind) {
    case 'stage':
      return t.room.news.stage(news.title, news.minutes);
    case 'apart':
      return t.room.news.apart(news.group);
    case 'groups':
      return t.room.news.groups(news.count);
    case 'together':
      return t.room.news.together;
    case 'speaker':
      return news.mine
        ? t.room.news.mine
        : t.room.news.speaker(news.name || t.room.guestName, news.unit);
    case 'floor-free':
      return t.room.news.floorFree;
    case 'tabled':
      return t.room.news.tabled(news.no);
    case 'assigned':
      return t.room.news.assigned(news.no);
    case 'handed-back':
      return t.room.news.handedBack(news.no, news.unit);
    case 'merged':
      return t.room.mergeDone(news.no, news.into);
    case 'split':
      return t.room.splitDone(news.no);
    case 'response':
      return t.room.news.response(news.no, news.unit);
    case 'phase':
      return t.room.news.phase(t.ui.phases[news.phase]);
  }
}
