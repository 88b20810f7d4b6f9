const onMac = typeof navigator !== 'undefined' && /mac/iu.test(navigator.platform);

/** A shortcut as text for this platform. `shortcut('Mod Enter')`: "⌘↵" on a Mac, "Ctrl ↵" elsewhere. Keys are separated by spaces. */
export function shortcut(keys: string, mac: boolean = onMac): string {
  const words = keys.split(' ').map((key) => {
    if (key === 'Mod') return mac ? '⌘' : 'Ctrl';
    if (key === 'Shift') return mac ? '⇧' : 'Shift';
    return key === 'Enter' ? '↵' : key;
  });
  return words.join(mac ? '' : ' ');
}

/** Whether Ctrl, or Cmd on a Mac, is the only modifier of a key event. */
export function isModKey(event: KeyboardEvent): boolean {
  // AltGr types a character; Windows reports it as Ctrl and Alt, others as a modifier of its own.
  if (event.getModifierState('AltGraph')) return false;
  return (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
}
