import { describe, expect, test } from 'vitest';
import { readConfig, StartError } from '../server/config.ts';

describe('settings', () => {
  test('nothing set is a district’s server: SQLite in ./data on port 3000, with the demonstration', () => {
    const config = readConfig({});
    expect(config).toMatchObject({ port: 3000, host: '0.0.0.0', demo: true, logLevel: 'info' });
    expect(config.dataDir).toMatch(/\/data$/);
    expect(config).not.toHaveProperty('databaseUrl');
  });

  test('an empty setting counts as none', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: ' ' })).toMatchObject({ port: 3000 });
  });

  test('PUBLIC_URL becomes an origin without a slash', () => {
    const { publicUrl } = readConfig({ PUBLIC_URL: 'https://shangliang.example/' });
    expect(publicUrl).toBe('https://shangliang.example');
  });

  test.each([
    ['PORT', '70000'],
    ['PORT', 'http'],
    ['PORT', '-1'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['DATABASE_URL', 'nonsense'],
    ['PUBLIC_URL', 'shangliang.example'],
    ['PUBLIC_URL', 'https://shangliang.example/path'],
    ['DEMO', 'perhaps'],
    ['LOG_LEVEL', 'loud'],
    ['TRUST_PROXY', 'my-proxy'],
  ])('%s=%s is refused in one sentence that names it', (name, value) => {
    const read = () => readConfig({ [name]: value });
    expect(read).toThrow(StartError);
    expect(read).toThrow(new RegExp(`^[^\\n]*${name}[^\\n]*$`));
  });

  test('[CLU3] REDIS_URL without DATABASE_URL is refused: nodes cannot share an SQLite file', () => {
    const read = () => readConfig({ REDIS_URL: 'redis://localhost' });
    expect(read).toThrow(StartError);
    expect(read).toThrow(/REDIS_URL.*DATABASE_URL/);
  });

  test('a password in a wrong URL is not repeated', () => {
    const read = () => readConfig({ DATABASE_URL: 'mysql://user:secret@localhost/x' });
    expect(read).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('secret') as string }),
    );
  });
});
