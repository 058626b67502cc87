// Our server is entered as people enter it: by invitations and cookies, and within its limits.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { api, redeem } from '../../helpers/api.ts';
import type { Links } from '../../helpers/server.ts';
import type { AddedParticipant, CreatedConsultation } from '../../../shared/wire/rest.ts';
import type { OpenRoom } from './contestants.ts';
import { yWebsocket } from './dialects.ts';

const CONNECTIONS_PER_PERSON = 20;
const PLANTER = -1;

/** Each room is a consultation of its own. Who has entered once keeps the cookie, over restarts too. */
export function ourRooms(port: number, dataDir: string): OpenRoom {
  const url = `http://127.0.0.1:${port}`;
  let cookieOfOfficer: string | undefined;
  return async (name, { writers, readers }) => {
    const links = JSON.parse(readFileSync(path.join(dataDir, 'links.json'), 'utf8')) as Links;
    cookieOfOfficer ??= await redeem(url, links.office); // an invitation is one device's
    const officer = api(url, cookieOfOfficer);
    const created = await officer.post<CreatedConsultation>('/api/consultations', { title: name });
    const { id } = created.body;
    const count = 1 + writers + Math.ceil(readers / CONNECTIONS_PER_PERSON);
    const participants = Array.from({ length: count }, (_, index) => ({
      name: `委员 ${index}`,
      role: 'member',
    }));
    const { body: people } = await officer.post<AddedParticipant[]>(
      `/api/consultations/${id}/participants`,
      participants,
    );
    const cookies: string[] = [];
    for (const { token } of people) cookies.push(await redeem(url, `${url}/i/${token}`));
    // the planter, then the writers, then those who read
    const at = (seat: number): number => {
      if (seat < writers) return 1 + seat;
      return 1 + writers + Math.floor((seat - writers) / CONNECTIONS_PER_PERSON);
    };
    const personAt = (seat: number): string => people[at(seat)]?.id ?? '';
    return {
      name,
      dialect: yWebsocket,
      author: personAt(PLANTER),
      personAt,
      seat: (index) => ({
        port,
        path: `/board/${id}`,
        headers: { origin: url, cookie: cookies[at(index)] ?? '' },
      }),
    };
  };
}
