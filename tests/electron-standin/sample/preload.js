/* eslint-disable @typescript-eslint/no-require-imports -- a sandboxed preload is CommonJS, whatever its name */
const { contextBridge, ipcRenderer } = require('electron');
let node = 'there';
try {
  require('node:fs');
} catch (error) {
  node = error.message;
}
contextBridge.exposeInMainWorld('bridge', {
  node,
  list: [1, { deep: true }],
  invoke: (channel, ...args) => ipcRenderer.invoke(channel, ...args),
  send: (channel, ...args) => ipcRenderer.send(channel, ...args),
  on: (channel, listener) => {
    const relay = (_event, ...args) => listener(...args);
    ipcRenderer.on(channel, relay);
    return () => ipcRenderer.off(channel, relay);
  },
  ask: (question) => question(41) + 1,
  fail: () => {
    throw new TypeError('not today');
  },
});
