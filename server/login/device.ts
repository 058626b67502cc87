const programs = [
  [/MicroMessenger/i, '微信'],
  [/QIANXIN|QAXBrowser|Qaxbrowser/i, '奇安信浏览器'],
  [/UOS/i, '统信浏览器'],
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
] as const;

const machines = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'Mac'],
  [/Linux/, 'Linux'],
] as const;

/** A name by which a person tells their devices apart: `iPhone · 微信`. */
export function deviceNamed(userAgent: string | undefined): string {
  const nameIn = (names: readonly (readonly [RegExp, string])[]) =>
    names.find(([pattern]) => pattern.test(userAgent ?? ''))?.[1];
  return [nameIn(machines), nameIn(programs)].filter(Boolean).join(' · ') || '其他设备';
}
