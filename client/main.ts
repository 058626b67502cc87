import { mount } from 'svelte';
import App from './app.svelte';
import './ui/base.css';
import { elder } from './ui/elder.svelte.ts';
import { router } from './ui/router.svelte.ts';

elder.apply();
router.start();

const target = document.getElementById('app');
if (!target) throw new Error('the page has no #app');
target.replaceChildren();
mount(App, { target });
