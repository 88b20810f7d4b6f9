/** What left the application, in order: dialogs shown, links opened, windows and navigations denied. Tests read it. */
export const journal: [what: string, detail: unknown][] = [];
