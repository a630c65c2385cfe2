import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './app/console.css';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Console } from './app/console';
import { loadAhead } from './app/pages';
import { styleNonce } from './app/style-nonce';

// The scroll lock of dialogs writes a style element of its own.
setNonce(styleNonce());

loadAhead(window.location.pathname);

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root');
createRoot(root).render(
  <StrictMode>
    <Console />
  </StrictMode>,
);
