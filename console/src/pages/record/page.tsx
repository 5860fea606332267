import { getRouteApi } from '@tanstack/react-router';
import { RequestDetail } from '../run/request-detail.tsx';

const route = getRouteApi('/records/$id');

/** One request with all that is kept of it. */
export function RecordPage() {
  const { id } = route.useParams();
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <RequestDetail
      id={id}
      from="records"
      tab={tab}
      onTab={(next) => void navigate({ search: { tab: next }, replace: true })}
    />
  );
}
