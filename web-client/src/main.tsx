import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/content.css';
import { render } from 'preact';
import { App } from './app';
import { chosen, preferred, show } from './i18n';
import { keepShell } from './shell';

const root = document.getElementById('app');
// Joining waits for the lesson: its language is the one to start in.
if (location.pathname !== '/join') await show(chosen() ?? preferred());
if (root) render(<App />, root);
keepShell();
