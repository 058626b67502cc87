import { networkInterfaces } from 'node:os';
import { renderUnicodeCompact } from 'uqr';
import type { Links } from './demonstration/links.ts';

/** The entry links as a person at the terminal reads them. */
export function printedLinks(links: Links, nearby: string | undefined): string {
  const { demo } = links;
  const lines = ['', '入口链接（链接即身份，请勿转发；也写入了 DATA_DIR/links.json）', ''];
  const add = (who: string, link: string) => lines.push(`  ${padded(who)} ${link}`);
  add('办公室', links.office);
  if (demo) {
    add('主持人', demo.moderator);
    add('工作人员', demo.clerk);
    demo.members.forEach((link, index) => add(`委员/代表 ${index + 1}`, link));
    demo.departments.forEach((link, index) => add(`部门 ${index + 1}`, link));
    add('列席', demo.observer);
    add('大屏', demo.screen);
    add('群众扫码', demo.public);
    const scanned = nearby === undefined ? demo.public : onOrigin(demo.public, nearby);
    lines.push('', `  手机扫码 ${scanned}`, '', renderUnicodeCompact(scanned, { border: 2 }));
  }
  return `${lines.join('\n')}\n`;
}

/** A Chinese character is two columns wide. */
const padded = (who: string): string => {
  const width = [...who].reduce((sum, character) => sum + (character > '\u2e80' ? 2 : 1), 0);
  return who + ' '.repeat(Math.max(0, 14 - width));
};

const onOrigin = (link: string, origin: string): string => origin + new URL(link).pathname;

/** The address of this machine in its network: a phone in the hall can't use `localhost`. */
export function nearbyOrigin(port: number): string | undefined {
  for (const addresses of Object.values(networkInterfaces())) {
    for (const { family, internal, address } of addresses ?? []) {
      if (family === 'IPv4' && !internal) return `http://${address}:${port}`;
    }
  }
  return undefined;
}
