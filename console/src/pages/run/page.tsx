import { getRouteApi } from '@tanstack/react-router';
import { RequestDetail } from './request-detail.tsx';

const route = getRouteApi('/runs/$id');

/** A run as it happens; when it ends, its record. */
export function RunPage() {
  const { id } = route.useParams();
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <RequestDetail
      id={id}
      from="runs"
      tab={tab}
      onTab={(next) => void navigate({ search: { tab: next }, replace: true })}
    />
  );
}
