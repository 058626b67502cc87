import { recall, remember } from './device.ts';

/** 适老: larger type and targets. */
class ElderMode {
  on = $state(recall('elder') === 'on');

  apply(): void {
    document.documentElement.classList.toggle('elder', this.on);
  }

  toggle = (): void => {
    this.on = !this.on;
    remember('elder', this.on ? 'on' : 'off');
    this.apply();
  };
}

export const elder = new ElderMode();
