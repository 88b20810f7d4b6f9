interface Template {
  id?: string;
  label?: string;
  role?: string;
  type?: string;
  click?: () => void;
  submenu?: Template[];
}
type Item = Omit<Template, 'submenu'> & { submenu: Menu | null };

/** `Menu` without a display: items can be found by id and clicked. */
export class Menu {
  static #application: Menu | null = null;
  readonly items: Item[];

  private constructor(items: Item[]) {
    this.items = items;
  }

  static buildFromTemplate(template: Template[]): Menu {
    const items = template.map(({ submenu, ...item }) => {
      if (item.label === undefined && item.role === undefined && item.type === undefined) {
        throw new Error('Invalid template for MenuItem: must have at least one of label, role or type');
      }
      return { ...item, submenu: submenu ? Menu.buildFromTemplate(submenu) : null };
    });
    return new Menu(items);
  }

  static setApplicationMenu(menu: Menu | null): void {
    Menu.#application = menu;
  }

  static getApplicationMenu(): Menu | null {
    return Menu.#application;
  }

  getMenuItemById(id: string): Item | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found) return found;
    }
    return null;
  }
}
