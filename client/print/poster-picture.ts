import { encode } from 'uqr';

export interface PosterWords {
  readonly link: string;
  readonly title: string;
  readonly host: string;
  readonly call: string;
  readonly foot: string;
}

/** Pixels: what a phone shows full screen, and a chat group takes without shrinking. */
const WIDTH = 1080;
const HEIGHT = 1440;
const MARGIN = 90;
const CODE = 640;
const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

/** The poster as a PNG's data URL, to be sent to a group of neighbours. */
export function drawPoster({ link, title, host, call, foot }: PosterWords): string | undefined {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const pen = canvas.getContext('2d');
  if (!pen) return undefined;
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.fillStyle = '#a8201a';
  pen.fillRect(0, 0, WIDTH, 28);
  pen.textAlign = 'center';
  const write = (text: string, y: number, size: number, colour: string, weight = 400) => {
    pen.font = `${weight} ${size}px ${FONT}`;
    pen.fillStyle = colour;
    pen.fillText(text, WIDTH / 2, y, WIDTH - 2 * MARGIN);
  };
  write(host, 120, 38, '#444');
  pen.font = `600 62px ${FONT}`;
  const lines = brokenInto(title, (text) => pen.measureText(text).width <= WIDTH - 2 * MARGIN);
  lines.forEach((line, index) => write(line, 215 + index * 84, 62, '#000', 600));
  write(call, 440, 52, '#a8201a', 600);
  drawCode(pen, link, (WIDTH - CODE) / 2, 500);
  write(link, 1235, 34, '#000');
  write(foot, 1310, 32, '#444');
  return canvas.toDataURL('image/png');
}

/** Two lines at most; Chinese breaks anywhere. */
function brokenInto(text: string, fits: (text: string) => boolean): string[] {
  if (fits(text)) return [text];
  const characters = [...text];
  const half = Math.ceil(characters.length / 2);
  return [characters.slice(0, half).join(''), characters.slice(half).join('')];
}

function drawCode(pen: CanvasRenderingContext2D, text: string, left: number, top: number): void {
  const { data, size } = encode(text, { ecc: 'M', border: 2 });
  const step = Math.floor(CODE / size);
  const inset = (CODE - step * size) / 2;
  pen.fillStyle = '#000';
  data.forEach((row, y) =>
    row.forEach((dark, x) => {
      if (dark) pen.fillRect(left + inset + x * step, top + inset + y * step, step, step);
    }),
  );
}
