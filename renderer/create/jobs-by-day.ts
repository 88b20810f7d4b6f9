import type { RecentJob } from '../../electron/contract/entities/jobs.ts';
import { formatDay } from '../shared/format/time.ts';

interface JobsOfDay {
  name: string;
  runs: RecentJob[];
  images: number;
  /** Sum of their known costs, in micro-dollars. */
  cost: number;
}

/** Jobs grouped by the day on which they were sent, which is the day of their cost, in order. */
export function jobsByDay(runs: readonly RecentJob[], now: number): JobsOfDay[] {
  const days = Map.groupBy(runs, (run) => formatDay(run.startedAt ?? run.createdAt, now));
  return [...days].map(([name, members]) => ({
    name,
    runs: members,
    images: members.reduce((sum, { images }) => sum + images.length, 0),
    cost: members.reduce((sum, { cost }) => sum + (cost ?? 0), 0),
  }));
}
