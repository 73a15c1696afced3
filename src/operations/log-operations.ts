import type { Logger } from './logging.js';
import { OperationLine } from './operation-line.js';
import type { OperationReports } from './operation-reports.js';

/** Logs a line for each operation: a warning for one that took long or many statements, otherwise `info`. */
export function logOperations(reports: OperationReports, log: Logger): void {
  reports.on((report) => {
    const line = new OperationLine(report);
    if (line.isNotable) log.warn(line, line.message);
    else log.info(line, line.message);
  });
}
