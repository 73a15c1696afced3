import { useTextsOf } from '../ui/use-texts-of';
import { texts } from './texts';

/** Units of the drawing for one interval, and for the tallest bar. */
const step = 10;
const height = 40;
/** So that one of many is still seen. */
const smallest = 1.5;

/**
 * Bars, one for each interval. Screen readers get a table instead.
 * @param props.labels of the intervals, in their order
 */
export function Chart({
  title,
  labels,
  counts,
}: {
  readonly title: string;
  readonly labels: readonly string[];
  readonly counts: readonly number[];
}) {
  const words = useTextsOf(texts);
  const most = Math.max(...counts, 1);
  return (
    <>
      <svg
        className="chart"
        viewBox={`0 0 ${Math.max(counts.length, 1) * step} ${height}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {counts.map((count, place) => {
          const tall = count === 0 ? 0 : Math.max(smallest, (count / most) * height);
          return (
            <g key={labels[place]}>
              <rect className="chart-space" x={place * step} y="0" width={step} height={height}>
                <title>{`${labels[place]}: ${count}`}</title>
              </rect>
              <rect
                className="chart-bar"
                x={place * step + 1}
                y={height - tall}
                width={step - 2}
                height={tall}
                pointerEvents="none"
              />
            </g>
          );
        })}
      </svg>
      <div className="hidden">
        <table>
          <caption>{title}</caption>
          <thead>
            <tr>
              <th scope="col">{words.interval}</th>
              <th scope="col">{words.number}</th>
            </tr>
          </thead>
          <tbody>
            {counts.map((count, place) => (
              <tr key={labels[place]}>
                <th scope="row">{labels[place]}</th>
                <td>{count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
