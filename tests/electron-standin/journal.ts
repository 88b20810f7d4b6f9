/** Outgoing actions in order: dialogs shown, links opened, windows and navigations denied. */
export const journal: [what: string, detail: unknown][] = [];
