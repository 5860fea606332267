import { Monitor, Moon, Sun } from 'lucide-react';
import { setThemeChoice, useThemeChoice } from '../theme/theme.ts';
import { Button } from '../ui/button.tsx';
import { Menu, MenuChoice } from '../ui/menu.tsx';

const options = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

const icons = { system: Monitor, light: Sun, dark: Moon } as const;

export function ThemeMenu() {
  const choice = useThemeChoice();
  return (
    <Menu
      trigger={
        <Button
          variant="ghost"
          icon={icons[choice]}
          aria-label="Theme"
          className="w-8 px-0 pointer-coarse:w-10"
        />
      }
    >
      <MenuChoice label="Theme" value={choice} options={options} onChange={setThemeChoice} />
    </Menu>
  );
}
