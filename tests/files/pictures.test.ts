import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mergeCard } from '../../shared/board/merging.ts';
import { cardPicturesUrl, pictureLimits, pictureUrl } from '../../shared/pictures.ts';
import type { ConsultationAnswer } from '../../shared/wire/rest.ts';
import { openPictureStage, type PictureStage, type Someone } from './picture-stage.ts';
import { bytesOf, cornersOf, noise, openSampleCodecs, pngOf, quarters } from './sample-pictures.ts';

let stage: PictureStage;
let member: Someone;
let clerk: Someone;
beforeAll(async () => {
  await openSampleCodecs();
  stage = await openPictureStage();
  member = await stage.enter('member');
  clerk = await stage.enter('clerk');
});
afterAll(() => stage.close());

let seed = 0;
/** A picture like no other. */
const fresh = () => pngOf(noise(40, 30, (seed += 1)));
const idOf = ({ headers }: { headers: Record<string, unknown> }) =>
  String(headers['upload-picture']);

describe('a picture on a card', () => {
  test('[PIC1] comes by tus, and is on the card in its sender’s name once it is on disk', async () => {
    const card = await stage.card(member.person);
    const file = pngOf(quarters(64, 48));
    const begun = await member.begin(card, file.length);
    expect(begun.status).toBe(201);
    const first = await member.bring(begun.at, 0, file.subarray(0, 50));
    expect([first.status, first.headers['upload-offset']]).toEqual([204, '50']);
    const head = await member.ask('HEAD', begun.at, { 'tus-resumable': '1.0.0' });
    expect([head.status, head.headers['upload-offset'], head.headers['upload-length']]).toEqual([
      200,
      '50',
      String(file.length),
    ]);
    expect(head.headers).toMatchObject({ 'tus-resumable': '1.0.0', 'cache-control': 'no-store' });
    const last = await member.bring(begun.at, 50, file.subarray(50));
    expect([last.status, last.headers['upload-offset']]).toEqual([204, String(file.length)]);
    expect(await stage.picturesOn(card)).toEqual([idOf(last)]);
    // asked once more, it says the same, and puts nothing there twice
    const again = await member.bring(begun.at, file.length, new Uint8Array());
    expect(idOf(again)).toBe(idOf(last));
    expect(await stage.picturesOn(card)).toHaveLength(1);
  });

  test('[PIC9] is served as what it is and nothing else, whole and small', async () => {
    const card = await stage.card(member.person);
    const id = idOf(await member.upload(card, pngOf(quarters(960, 720))));
    const whole = await clerk.ask('GET', pictureUrl(stage.room.id, id));
    expect(whole.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'content-disposition': 'inline; filename="picture.jpg"',
      'cache-control': 'private, max-age=86400, immutable',
    });
    expect(createHash('sha256').update(whole.body).digest('hex')).toBe(id);
    const thumb = await clerk.ask('GET', pictureUrl(stage.room.id, id, { size: 'thumb' }));
    expect((await cornersOf(thumb.body)).size).toEqual([480, 360]);
    const known = { 'if-none-match': String(whole.headers.etag) };
    const unchanged = await clerk.ask('GET', pictureUrl(stage.room.id, id), known);
    expect([unchanged.status, unchanged.body.length]).toEqual([304, 0]);
  });

  test('[PIC2] is kept once by its content, and read only where it was put', async () => {
    const other = await stage.anotherRoom();
    const visitor = await stage.enter('member', '', other.id);
    const [one, two] = [await stage.card(member.person), await stage.card(member.person)];
    const there = await stage.card(visitor.person, undefined, other.id);
    const file = fresh();
    const before = stage.count('picture');
    const id = idOf(await member.upload(one, file));
    expect((await visitor.ask('GET', pictureUrl(other.id, id))).status).toBe(404);
    expect(idOf(await member.upload(two, file))).toBe(id);
    expect(idOf(await visitor.upload(there, file, other.id))).toBe(id);
    expect(stage.count('picture')).toBe(before + 1);
    expect((await visitor.ask('GET', pictureUrl(other.id, id))).status).toBe(200);
    // one card lets it go; the others keep it
    const gone = await member.ask('DELETE', `${cardPicturesUrl(stage.room.id, one)}/${id}`);
    expect([gone.status, await stage.picturesOn(one)]).toEqual([200, []]);
    expect((await member.ask('GET', pictureUrl(stage.room.id, id))).status).toBe(200);
    await member.ask('DELETE', `${cardPicturesUrl(stage.room.id, two)}/${id}`);
    expect((await member.ask('GET', pictureUrl(stage.room.id, id))).status).toBe(404);
    expect((await visitor.ask('GET', pictureUrl(other.id, id))).status).toBe(200);
    await visitor.ask('DELETE', `${cardPicturesUrl(other.id, there)}/${id}`);
    expect(stage.count('picture')).toBe(before);
  });

  test('[PIC6] a bad file is refused by name, asked again too, and leaves nothing', async () => {
    const card = await stage.card(member.person);
    const rows = ['picture', 'picture_use', 'picture_chunk'] as const;
    const before = rows.map(stage.count);
    const file = bytesOf('<svg xmlns="http://www.w3.org/2000/svg"/>');
    const begun = await member.begin(card, file.length);
    const sent = await member.bring(begun.at, 0, file);
    expect([sent.status, sent.code]).toEqual([422, 'picture_format']);
    const again = await member.bring(begun.at, file.length, new Uint8Array());
    expect(again.code).toBe('picture_format');
    expect(await stage.picturesOn(card)).toEqual([]);
    expect(rows.map(stage.count)).toEqual(before);
  });
});

describe('[PIC10] who may', () => {
  test('nobody but who drafts puts pictures on cards; nobody else stores a byte', async () => {
    const card = await stage.card(member.person);
    const elsewhere = await stage.anotherRoom();
    const stranger = await stage.enter('member', '', elsewhere.id);
    const rows = ['picture_upload', 'picture_chunk', 'picture'] as const;
    const before = rows.map(stage.count);
    const file = fresh();
    const answers: [string, Someone][] = [
      ['forbidden', await stage.enter('observer')],
      ['not_found', await stage.citizen()],
      ['not_found', stranger],
    ];
    for (const [code, someone] of answers) {
      // what is asked of a request is told only to those who may make it
      expect((await someone.ask('POST', cardPicturesUrl(stage.room.id, card))).code).toBe(code);
      expect((await someone.upload(card, file)).code).toBe(code);
      expect((await someone.upload('no-such-card', file)).code).toBe('not_found');
    }
    expect((await member.upload('no-such-card', file)).code).toBe('not_found');
    expect((await stranger.begin(card, 10, 'c_nowhere')).code).toBe('not_found');
    const nobody = stage.test.browser();
    const url = cardPicturesUrl(stage.room.id, card);
    expect((await nobody.post(url, '', { 'upload-length': '10' })).status).toBe(401);
    const foreign = await member.ask('POST', url, {
      'upload-length': '10',
      origin: 'http://evil.test',
    });
    expect(foreign.code).toBe('bad_origin');
    expect(rows.map(stage.count)).toEqual(before);
    for (const role of ['moderator', 'clerk', 'representative', 'department'])
      expect((await (await stage.enter(role, '某局')).upload(card, fresh())).status, role).toBe(
        204,
      );
  });

  test('an upload is its sender’s alone, and goes with their right to draft', async () => {
    const card = await stage.card(member.person);
    const file = fresh();
    const { at } = await member.begin(card, file.length);
    await member.bring(at, 0, file.subarray(0, 10));
    const other = await stage.enter('member');
    for (const someone of [other, clerk, await stage.citizen()]) {
      expect((await someone.bring(at, 10, file.subarray(10))).code).toBe('not_found');
      expect((await someone.ask('HEAD', at)).status).toBe(404);
      expect((await someone.ask('DELETE', at)).code).toBe('not_found');
    }
    const own = await other.begin(card, file.length);
    await other.bring(own.at, 0, file.subarray(0, 10));
    const participant = { name: '某委员', role: 'observer', unit: '', title: '' };
    const changed = { person: other.person, participant };
    expect(await clerk.command('participant.change', changed)).toBe(200);
    expect((await other.bring(own.at, 10, file.subarray(10))).code).toBe('not_found');
    expect(await stage.picturesOn(card)).toEqual([]);
    expect((await member.ask('DELETE', at)).status).toBe(204);
    expect((await member.ask('HEAD', at)).status).toBe(404);
    expect((await member.bring(at, 10, file.subarray(10))).code).toBe('not_found');
  });

  test('who brought it, whose card it is and the desk take it off; nobody else', async () => {
    const [author, bringer, other] = [
      member,
      await stage.enter('member'),
      await stage.enter('member'),
    ];
    const observer = await stage.enter('observer');
    const moderator = await stage.enter('moderator');
    const card = await stage.card(author.person);
    const url = (id: string) => `${cardPicturesUrl(stage.room.id, card)}/${id}`;
    for (const who of [bringer, author, clerk, moderator]) {
      const id = idOf(await bringer.upload(card, fresh()));
      expect((await other.ask('DELETE', url(id))).code).toBe('forbidden');
      expect((await observer.ask('DELETE', url(id))).code).toBe('forbidden');
      expect((await (await stage.citizen()).ask('DELETE', url(id))).code).toBe('not_found');
      expect(await stage.picturesOn(card)).toEqual([id]);
      expect((await who.ask('DELETE', url(id))).status).toBe(200);
      expect(await stage.picturesOn(card)).toEqual([]);
      expect((await who.ask('DELETE', url(id))).code).toBe('not_found');
    }
  });

  test('drafts’ pictures are the room’s; the public and the screen see released ones, and only while they are', async () => {
    const moderator = await stage.enter('moderator');
    await moderator.command('consultation.open', {});
    const observer = await stage.enter('observer');
    const citizen = await stage.citizen();
    const card = await stage.card(member.person);
    const id = idOf(await member.upload(card, fresh()));
    const unused = idOf(await member.upload(await stage.card(member.person), fresh()));
    const url = pictureUrl(stage.room.id, id);
    const onScreen = pictureUrl(stage.room.id, id, { key: stage.room.screenKey });
    const seenBy = async () => [
      (await observer.ask('GET', url)).status,
      (await citizen.ask('GET', url)).status,
      (await citizen.ask('GET', onScreen)).status,
    ];
    expect(await seenBy()).toEqual([200, 404, 404]);
    expect(await member.command('opinion.table', { card })).toBe(200);
    expect(await seenBy()).toEqual([200, 404, 404]);
    const { body } = await member.browser.get<ConsultationAnswer>(
      `/api/consultations/${stage.room.id}`,
    );
    const opinion = Object.values(body.state.opinions).find((each) => each.card === card)!;
    expect(opinion.pictures).toEqual([{ id, width: 40, height: 30 }]);
    await moderator.command('opinion.publish', { opinion: opinion.id });
    expect(await seenBy()).toEqual([200, 200, 200]);
    const told = await citizen.browser.get<ConsultationAnswer>(
      `/api/consultations/${stage.room.id}`,
    );
    expect(told.body.state.opinions[opinion.id]?.pictures).toEqual([{ id, width: 40, height: 30 }]);
    expect((await citizen.ask('GET', pictureUrl(stage.room.id, unused))).status).toBe(404);
    expect((await citizen.ask('GET', `${url}?k=wrong`)).status).toBe(404);
    await moderator.command('opinion.withdraw', { opinion: opinion.id });
    expect(await seenBy()).toEqual([200, 404, 404]);
  });

  test('[PIC12] drafts that were merged bring their pictures along, the same one once', async () => {
    const [main, part] = [await stage.card(member.person), await stage.card(member.person)];
    const shared = fresh();
    const first = idOf(await member.upload(main, shared));
    await member.upload(part, shared);
    const second = idOf(await member.upload(part, fresh()));
    const actor = { person: member.person, role: 'member', name: '' } as const;
    await stage.test.app.boards.edit(stage.room.id, actor, (doc) => mergeCard(doc, part, main));
    expect(await member.command('opinion.table', { card: main })).toBe(200);
    const { body } = await member.browser.get<ConsultationAnswer>(
      `/api/consultations/${stage.room.id}`,
    );
    const opinion = Object.values(body.state.opinions).find((each) => each.card === main)!;
    expect(opinion.pictures?.map(({ id }) => id)).toEqual([first, second]);
    expect((await member.begin(part, 10)).code).toBe('already_tabled');
  });

  test('[PIC12] what was tabled keeps its pictures: none is added, none taken off', async () => {
    const card = await stage.card(member.person);
    const id = idOf(await member.upload(card, fresh()));
    const file = fresh();
    const { at } = await member.begin(card, file.length);
    await member.bring(at, 0, file.subarray(0, 10));
    expect(await member.command('opinion.table', { card })).toBe(200);
    // one that was on its way comes too late
    expect((await member.bring(at, 10, file.subarray(10))).code).toBe('already_tabled');
    expect((await member.begin(card, 10)).code).toBe('already_tabled');
    const removed = await member.ask('DELETE', `${cardPicturesUrl(stage.room.id, card)}/${id}`);
    expect(removed.code).toBe('already_tabled');
    expect(await stage.picturesOn(card)).toEqual([id]);
  });
});

describe('[PIC11] limits', () => {
  test('of a file and of a card, also for those that come at the same time', async () => {
    const card = await stage.card(member.person);
    expect((await member.begin(card, pictureLimits.bytes + 1)).code).toBe('picture_too_large');
    expect((await member.begin(card, 0)).code).toBe('picture_unknown');
    for (let count = 1; count < pictureLimits.perCard; count += 1)
      expect((await member.upload(card, fresh())).status).toBe(204);
    const two = [fresh(), fresh()];
    const begun = await Promise.all(two.map((file) => member.begin(card, file.length)));
    const sent = await Promise.all(begun.map(({ at }, index) => member.bring(at, 0, two[index]!)));
    expect(sent.map(({ code }) => code).sort()).toEqual(['pictures_full', undefined]);
    expect((await member.begin(card, 10)).code).toBe('pictures_full');
    expect(await stage.picturesOn(card)).toHaveLength(pictureLimits.perCard);
  });

  test('a person has so many uploads open, and so many bytes an hour; another person has their own', async () => {
    const [greedy, modest] = [await stage.enter('member'), await stage.enter('member')];
    const card = await stage.card(greedy.person);
    const codes: (string | undefined)[] = [];
    for (let count = 0; count < 13; count += 1) codes.push((await greedy.begin(card, 10)).code);
    expect(codes).toEqual([...Array<undefined>(12), 'too_many']);
    const hasty = await stage.enter('member');
    const asked = Array.from({ length: 40 }, () => hasty.begin(card, 10));
    const taken = (await Promise.all(asked)).filter(({ code }) => code === undefined);
    expect(taken).toHaveLength(12);
    const opened: string[] = [];
    for (
      let bytes = 0;
      bytes + pictureLimits.bytes <= 200 * 1024 * 1024;
      bytes += pictureLimits.bytes
    ) {
      const { at, status } = await modest.begin(card, pictureLimits.bytes);
      expect(status).toBe(201);
      opened.push(at);
      // given up, it counts all the same
      await modest.ask('DELETE', at);
    }
    expect(opened).toHaveLength(20);
    expect((await modest.begin(card, 10)).code).toBe('too_many');
  });

  test('[PIC8] more than was said is not taken, nor from another place', async () => {
    const card = await stage.card(member.person);
    const file = fresh();
    const { at } = await member.begin(card, file.length);
    expect((await member.bring(at, 7, file)).code).toBe('conflict');
    expect((await member.bring(at, 0, bytesOf(file, [1]))).code).toBe('too_large');
    const typed = await member.ask('PATCH', at, { 'upload-offset': '0' }, file);
    expect(typed.status).toBeGreaterThanOrEqual(400);
    const head = await member.ask('HEAD', at);
    expect(head.headers['upload-offset']).toBe('0');
    expect((await member.bring(at, 0, file)).status).toBe(204);
  });
});
