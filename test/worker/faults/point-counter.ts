// A reporter for vitest: says at how many points the runs of each path were stopped, and after how many of those all held.
import type { Reporter, TestModule } from "vitest/node";

export default class PointCounter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const paths = modules
      .filter(({ relativeModuleId }) => relativeModuleId.startsWith("test/worker/faults/"))
      .flatMap(({ children }) => [...children.suites()])
      .map(({ name, children }) => ({
        name,
        points: [...children.allTests()].length,
        held: [...children.allTests("passed")].length,
      }))
      .filter(({ held }) => held > 0);
    if (paths.length === 0) return;
    const sum = (of: "points" | "held") => paths.reduce((total, path) => total + path[of], 0);
    const all = [...paths, { name: "in all", points: sum("points"), held: sum("held") }];
    process.stdout.write("\n Fault points\n");
    for (const { name, points, held } of all)
      process.stdout.write(`  ${name.padEnd(36)} ${String(points).padStart(4)}, held after ${held}\n`);
  }
}
