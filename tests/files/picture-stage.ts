// A consultation with a card, and people who bring pictures to it by tus.
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import SQLite from 'better-sqlite3';
import type { LightMyRequestResponse } from 'fastify';
import { addCard, cardPictures, readLanes } from '../../shared/board/schema.ts';
import type { Actor } from '../../shared/log/envelope.ts';
import { cardPicturesUrl } from '../../shared/pictures.ts';
import type { AddedParticipant, CreatedConsultation } from '../../shared/wire/rest.ts';
import { openTestApp, type Browser, type TestApp } from '../helpers/app.ts';

export interface Sent {
  readonly status: number;
  readonly headers: LightMyRequestResponse['headers'];
  readonly code: string | undefined;
  readonly body: Buffer;
}

export interface Someone {
  readonly person: string;
  readonly browser: Browser;
  ask(
    method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE' | 'OPTIONS',
    url: string,
    headers?: Record<string, string>,
    payload?: Uint8Array,
  ): Promise<Sent>;
  /** Begins an upload; answers its address, or the refusal. */
  begin(card: string, size: number, consultation?: string): Promise<Sent & { readonly at: string }>;
  bring(at: string, offset: number, bytes: Uint8Array): Promise<Sent>;
  /** The whole of it. */
  upload(card: string, bytes: Uint8Array, consultation?: string): Promise<Sent>;
  command(type: string, data: object, consultation?: string): Promise<number>;
}

export interface PictureStage {
  readonly test: TestApp;
  readonly room: CreatedConsultation;
  anotherRoom(): Promise<CreatedConsultation>;
  enter(role: string, unit?: string, consultation?: string): Promise<Someone>;
  citizen(consultation?: CreatedConsultation): Promise<Someone>;
  card(author: string, onBehalfOf?: string, consultation?: string): Promise<string>;
  picturesOn(card: string, consultation?: string): Promise<string[]>;
  readonly count: (table: 'picture' | 'picture_use' | 'picture_upload' | 'picture_chunk') => number;
  close(): Promise<void>;
}

const system: Actor = { person: 'system', role: 'system', name: '' };
export const chunkHeaders = (offset: number) => ({
  'tus-resumable': '1.0.0',
  'upload-offset': String(offset),
  'content-type': 'application/offset+octet-stream',
});

export async function openPictureStage(): Promise<PictureStage> {
  const server = await openTestApp();
  const office = await server.officer();
  const create = async () =>
    (await office.post<CreatedConsultation>('/api/consultations', { title: '图片' })).body;
  const room = await create();

  const someone = (person: string, browser: Browser): Someone => {
    const ask: Someone['ask'] = async (method, url, headers = {}, payload) => {
      const host = 'shangliang.test';
      const response = await server.app.http.inject({
        method,
        url,
        cookies: { ...browser.cookies() },
        headers: { host, origin: `http://${host}`, ...headers },
        ...(payload ? { payload: Buffer.from(payload) } : {}),
      });
      const { rawPayload: body } = response;
      const isJson = String(response.headers['content-type']).includes('json');
      const told = isJson && body.length > 0 ? response.json<{ refused?: { code: string } }>() : {};
      return {
        status: response.statusCode,
        headers: response.headers,
        code: told.refused?.code,
        body,
      };
    };
    const begin: Someone['begin'] = async (card, size, consultation = room.id) => {
      const headers = { 'tus-resumable': '1.0.0', 'upload-length': String(size) };
      const sent = await ask('POST', cardPicturesUrl(consultation, card), headers);
      return { ...sent, at: String(sent.headers.location) };
    };
    const bring: Someone['bring'] = (at, offset, bytes) =>
      ask('PATCH', at, chunkHeaders(offset), bytes);
    return {
      person,
      browser,
      ask,
      begin,
      bring,
      async upload(card, bytes, consultation) {
        const begun = await begin(card, bytes.length, consultation);
        return begun.status === 201 ? bring(begun.at, 0, bytes) : begun;
      },
      async command(type, data, consultation = room.id) {
        const url = `/api/consultations/${consultation}/commands`;
        return (await browser.post(url, { commandId: randomUUID(), type, data })).status;
      },
    };
  };

  let cards = 0;
  return {
    test: server,
    room,
    anotherRoom: create,
    async enter(role, unit = '', consultation = room.id) {
      const people = [{ name: `某${role}`, role, unit, title: '' }];
      const url = `/api/consultations/${consultation}/participants`;
      const { body } = await office.post<AddedParticipant[]>(url, people);
      const browser = server.browser();
      await browser.post('/api/invitations/redeem', { token: body[0]!.token });
      return someone(body[0]!.id, browser);
    },
    async citizen({ code } = room) {
      const browser = server.browser();
      await browser.post('/api/join', { code });
      const { body } = await browser.get<{ person: string }>('/api/me');
      return someone(body.person, browser);
    },
    async card(author, onBehalfOf, consultation = room.id) {
      const id = `card-${(cards += 1)}`;
      await server.app.boards.edit(consultation, system, (doc) => {
        const lane = readLanes(doc)[0]!.id;
        const behalf = onBehalfOf === undefined ? {} : { onBehalfOf };
        addCard(doc, { id, lane, author, ...behalf, text: '意见', createdAt: 1 });
      });
      return id;
    },
    picturesOn: (card, consultation = room.id) =>
      server.app.boards.read(consultation, (doc) => cardPictures(doc, card).map(({ id }) => id)),
    count(table) {
      const database = new SQLite(path.join(server.dataDir, 'shangliang.db'), { readonly: true });
      const { count } = database.prepare(`select count(*) as count from ${table}`).get() as {
        count: number;
      };
      database.close();
      return count;
    },
    close: () => server.close(),
  };
}
