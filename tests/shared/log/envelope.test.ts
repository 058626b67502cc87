import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, hashInput } from '../../../shared/log/envelope.ts';

test('[LOG3] equal values give equal text, in whatever order their members stand', () => {
  expect(canonicalJson({ b: 1, a: { d: [1, { z: null, y: '中' }], c: true } })).toBe(
    '{"a":{"c":true,"d":[1,{"y":"中","z":null}]},"b":1}',
  );
  expect(canonicalJson({ a: undefined, b: [undefined] })).toBe('{"b":[null]}');
});

test('[LOG3] the text survives being stored and read, and says all that the value says', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), (one, other) => {
      const text = canonicalJson(one);
      expect(canonicalJson(JSON.parse(JSON.stringify(one)))).toBe(text);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
      expect(text === canonicalJson(other)).toBe(
        JSON.stringify(JSON.parse(text)) === JSON.stringify(JSON.parse(canonicalJson(other))),
      );
    }),
  );
});

test('[LOG3] every member of an event is part of what is hashed', () => {
  const event = {
    stream: 's',
    seq: 2,
    type: 't',
    data: { text: '一' },
    personal: { ref: 'r', hash: 'h' },
    actor: { person: 'p', role: 'member', name: '名', unit: '界' },
    at: 5,
    commandId: 'c',
    prevHash: 'f'.repeat(64),
  } as const;
  const input = hashInput(event);
  const changed = { ...event, stream: 'x' };
  const variants = [
    changed,
    { ...event, seq: 3 },
    { ...event, type: 'u' },
    { ...event, data: { text: '二' } },
    { ...event, personal: { ref: 'r', hash: 'i' } },
    { ...event, actor: { ...event.actor, unit: '别' } },
    { ...event, at: 6 },
    { ...event, commandId: 'd' },
    { ...event, prevHash: '0'.repeat(64) },
  ];
  for (const variant of variants) expect(hashInput(variant)).not.toBe(input);
});
