import { recall, remember } from '../ui/device.ts';

const VIBRATION_MS = [200, 100, 200];
const TONE_HZ = 880;
const TONE_S = 0.25;

/** A sound and a vibration of one's own device when time runs out; off until it is wanted. */
class Alerts {
  on = $state(recall('alerts') === 'on');
  #audio: AudioContext | undefined;

  /** Called from a tap: without one, browsers make no sound. */
  toggle = (): void => {
    this.on = !this.on;
    remember('alerts', this.on ? 'on' : 'off');
    if (this.on) this.give();
  };

  give(): void {
    if (!this.on) return;
    // Safari has no vibration, old web views no sound: each does what it can
    if ('vibrate' in navigator) navigator.vibrate(VIBRATION_MS);
    const Sound = (window as { AudioContext?: typeof AudioContext }).AudioContext;
    if (!Sound) return;
    this.#audio ??= new Sound();
    const [context, start] = [this.#audio, this.#audio.currentTime];
    void context.resume();
    const tone = context.createOscillator();
    const loudness = context.createGain();
    tone.frequency.value = TONE_HZ;
    loudness.gain.setValueAtTime(0.2, start);
    loudness.gain.exponentialRampToValueAtTime(0.001, start + TONE_S);
    tone.connect(loudness).connect(context.destination);
    tone.start(start);
    tone.stop(start + TONE_S);
  }
}

export const alerts = new Alerts();
