import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import { applyRememberedTheme } from './theme.ts';

applyRememberedTheme();
const target = document.getElementById('app');
if (!target) throw new Error('The page has no element #app.');
mount(App, { target });
