// A small application that shows what the stand-in can do. It says everything it knows on one channel.
import { app, BrowserWindow, ipcMain, nativeTheme, protocol, session, shell } from 'electron';
import { join } from 'node:path';

protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
if (process.argv.includes('--deadlock')) await app.whenReady();

const POLICY = "default-src 'none'; script-src 'self'; img-src 'self'; connect-src 'self'";
const PAGE = '<!doctype html><title>Sample</title><h1>loading</h1><script type="module" src="/page.js"></script>';
const SCRIPT = `
  window.violations = [];
  addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
  window.bridgeAtStart = typeof window.bridge;
  document.querySelector('h1').textContent = 'ready';`;
const requests = [];
const knocks = [];
let window;

function serve(request) {
  const { pathname, host } = new URL(request.url);
  requests.push([request.method, host + pathname, request.headers.get('referer')]);
  if (pathname === '/moved') return new Response(null, { status: 302, headers: { location: 'https://example.org/' } });
  if (pathname === '/page.js') return new Response(SCRIPT, { headers: { 'content-type': 'text/javascript' } });
  const headers = { 'content-type': 'text/html', 'content-security-policy': POLICY };
  return pathname === '/' ? new Response(PAGE, { headers }) : new Response(null, { status: 404 });
}

async function start() {
  await app.whenReady();
  protocol.handle('app', serve);
  session.defaultSession.setPermissionRequestHandler((_page, permission, answer) =>
    answer(permission === 'notifications'),
  );
  ipcMain.handle('echo', (_event, value) => value);
  ipcMain.handle('fail', () => {
    throw Object.assign(new RangeError('no such thing'), { code: 'E_NONE' });
  });
  ipcMain.handle('unclonable', () => ({ run() {} }));
  ipcMain.handle('sender', (event) => [
    event.senderFrame.url,
    event.senderFrame.parent,
    event.sender === window.webContents,
  ]);
  ipcMain.handle('known', () => ({ requests, knocks, version: app.getVersion(), data: app.getPath('userData') }));
  ipcMain.on('count', (event, upTo) => {
    for (let number = 0; number < upTo; number += 1) event.sender.send('number', number);
  });
  ipcMain.handle('theme', (_event, theme) => {
    nativeTheme.themeSource = theme;
  });
  window = new BrowserWindow({ show: false, webPreferences: { preload: join(import.meta.dirname, 'preload.js') } });
  window.webContents.setWindowOpenHandler(({ url }) => {
    void shell.openExternal(url);
    return { action: 'deny' };
  });
  const stay = (event) => {
    if (!event.url.startsWith('app://sample/')) event.preventDefault();
  };
  window.webContents.on('will-navigate', stay);
  window.webContents.on('will-redirect', stay);
  await window.loadURL('app://sample/');
}

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', (_event, argv) => knocks.push(argv.at(-1)));
  void start();
} else app.quit();
