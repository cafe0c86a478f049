/** The chart of an actor, once its file is here. */
import { Empty, Loading } from '../parts/notice.tsx';
import { Chart, type ChartProps } from './chart.tsx';
import { chartFor } from './files.ts';

export const ActorChart = ({ kind, ...rest }: Omit<ChartProps, 'file'> & { kind: string }) => {
  const chart = chartFor(kind);
  if (chart.state !== 'ready')
    return (
      <>
        {rest.head && <div class="chart-tools">{rest.head}</div>}
        {chart.state === 'loading' ? (
          <Loading what="the chart" lines={5} />
        ) : (
          <Empty title="This chart was not built">
            <p class="dim">
              Run <code>node web/build.ts</code>, or start with <code>./run start</code>.
            </p>
          </Empty>
        )}
      </>
    );
  return <Chart key={kind} file={chart.file} {...rest} />;
};
