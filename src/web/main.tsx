/** Entry of the page. */
import { render } from 'preact';
import { App } from './components/app.tsx';
import { EngineClient } from './engine/client.ts';
import { openPage } from './state/open-link.ts';
import { Page } from './state/page.ts';
import { followTheme } from './state/theme.ts';
import './style/theme.css';
import './style/page.css';

followTheme();
const page = new Page(new EngineClient());
render(<App page={page} />, document.getElementById('page')!);
const open = () => void openPage(page, location.hash);
addEventListener('hashchange', open);
open();
