"""What the installer's pages show and do. Refusals are raised as `runtime.http.Problem`."""

from collections.abc import Awaitable, Mapping, Sequence
from concurrent.futures import Executor
from datetime import timedelta
from typing import TypeVar

from access.actions import Permission, may, scope_of
from access.guard import scope_checked
from access.principals import Principal
from console.label_photo import PHOTO_BYTES_LIMIT, PhotoError, read_label_photo
from console.run_photo import read_photo
from console.site_plan_views import SitePlanViews
from csms.api import ApiParts, StationViews
from csms.api.stations import may_request, resolved, unknown
from csms.api.views import StationAnswer
from provisioning.api.bodies import WindowBody
from provisioning.api.box_checks import BoxCheckBody, BoxCheckView, box_check_view
from provisioning.api.certificates import key_unusable
from provisioning.api.finding import no_job
from provisioning.api.job_views import JobPackView, JobView, job_view, pack_view
from provisioning.api.power_up import station_base
from provisioning.api.power_up_views import PowerUpView, power_up_view
from provisioning.api.problems import problem_from
from provisioning.api.window_views import WindowView, window_view
from provisioning.app import Provisioning
from provisioning.claimant import Claimant
from provisioning.errors import ProvisioningProblem
from provisioning.hand_over import VerifiedFile
from provisioning.issuer import IssuerKeyUnusable
from provisioning.owners import site_resource
from provisioning.records import RunPhoto
from provisioning.rules.labels import Label, read_label
from provisioning.rules.localization import Claim
from provisioning.storage.jobs import JobsWanted
from provisioning.storage.sites import last_floor
from provisioning.use_cases.jobs import Jobs, PlannedJob
from runtime.http import Problem
from runtime.wording import Phrase, WayOut

T = TypeVar("T")
JOBS_SHOWN = 50
LEFT_FROM_BEFORE = timedelta(days=30)
"""A job of a day that is over is shown for so long, where something of it is left to do."""
ANOTHER_PHOTO = WayOut(
    "Prenez une autre photo, de plus près et sans reflet, ou entrez l'adresse MAC et le code à la main.",
    "Take another photo, from closer and without glare, or type the MAC address and the code.",
    "/install/claim",
)
NO_PICTURE = Phrase(
    "Ce fichier n'est pas une photo que l'on peut lire ici", "This file is no photo that can be read here"
)
NO_CODE = Phrase("Aucun code n'a été trouvé sur la photo", "No code was found on the photo")


class InstallViews:
    """Functions for the pages below `/install`."""

    def __init__(self, parts: ApiParts, provisioning: Provisioning, thread: Executor) -> None:
        self._parts, self._provisioning, self.thread = parts, provisioning, thread
        self.plans = SitePlanViews(provisioning, thread)
        self._stations = StationViews(parts)

    @staticmethod
    def is_for(who: Principal) -> bool:
        """Whether they may tie a station to a place somewhere."""
        return bool(scope_of(who, Permission.CLAIM))

    async def jobs(self, who: Principal) -> list[JobView]:
        """Their own jobs: those of today and later, and what is left of the days before."""
        scope = scope_checked(who, Permission.READ_JOBS)
        known = self._provisioning.station_cache
        today = known.clock.now().date()
        wanted = JobsWanted(
            scope=scope_of(who, Permission.PLAN_JOBS),
            own_scope=scope,
            account=who.name,
            since=today - LEFT_FROM_BEFORE,
            is_mine=True,
        )
        found = [job_view(known, each) for each in await self._jobs.every(wanted, JOBS_SHOWN)]
        return [each for each in found if not each.is_done or each.day >= today.isoformat()]

    async def job(self, who: Principal, job_id: str) -> JobPackView:
        """All of a job that is theirs, or that they may plan. Raises Problem 404."""
        planned = await self._refused_as_problem(self._jobs.one(job_id))
        if not self._is_theirs(planned, who):
            raise no_job(job_id)
        return pack_view(self._provisioning.station_cache, planned, self._jobs.settings)

    def sites(self, who: Principal) -> list[tuple[str, str]]:
        """Id and name of the sites where they may tie stations to places, by name."""
        known = self._provisioning.station_cache.sites.values()
        found = [each for each in known if may(who, Permission.CLAIM, site_resource(each))]
        return sorted(((each.site_id, each.name) for each in found), key=lambda each: each[1].casefold())

    async def last_floor(self, site_id: str) -> str | None:
        """Where the last station of a site went: the next one is often there too."""
        database = self._provisioning.station_cache.database
        return await database.run_read(lambda connection: last_floor(connection, site_id))

    async def claim(self, who: Principal, claim: Claim, key: str | None) -> str:
        """Tie the station of this label to that place; with the same `key` again, once. Raises Problem."""
        scope_checked(who, Permission.CLAIM)
        claiming = self._provisioning.use_cases.localization.claim
        return await self._refused_as_problem(claiming(claim, Claimant.of(who), key=key))

    async def label_on(self, photo: bytes) -> Label:
        """What the first code on a photo says that says anything, the largest first. Raises Problem."""
        found = (read_label(each) for each in await self._codes_on(photo))
        label = next((each for each in found if not each.is_empty), None)
        if label is None:
            raise Problem(422, "no_code_on_photo", NO_CODE, ANOTHER_PHOTO)
        return label

    async def _codes_on(self, photo: bytes) -> Sequence[str]:
        if len(photo) > PHOTO_BYTES_LIMIT:
            raise Problem(413, "body_too_long", NO_PICTURE, ANOTHER_PHOTO)
        try:
            return await read_label_photo(photo, self.thread)
        except PhotoError as error:
            raise Problem(422, "photo_unreadable", NO_PICTURE, ANOTHER_PHOTO) from error

    async def station(self, who: Principal, text: str) -> StationAnswer:
        """A station at one of their sites. Raises Problem 404."""
        station_id = resolved(self._parts, text)
        may_request(self._parts, station_id, who, Permission.READ)
        found = await self._stations.station(station_id)
        if found is None:
            raise unknown(text)
        return found

    async def power_up(self, who: Principal, text: str, host: str | None) -> PowerUpView | None:
        """A station's checklist as it stands; None of one that is not led here. `host`: the name under which
        this server was reached. Raises Problem.
        """
        self._check(who, text)
        station_id = resolved(self._parts, text)
        if station_id not in self._provisioning.station_cache.devices:
            return None
        state = await self._refused_as_problem(self._provisioning.power_ups.look(station_id))
        return power_up_view(state, station_base(self._provisioning, host))

    async def begin_power_up(self, who: Principal, text: str) -> None:
        """Begin a run of the checklist. Raises Problem."""
        self._check(who, text)
        await self._refused_as_problem(
            self._provisioning.power_ups.begin(resolved(self._parts, text), who.name)
        )

    async def measure(self, who: Principal, text: str, readings: Mapping[str, float]) -> None:
        """What was measured before power. Raises Problem."""
        self._check(who, text)
        station_id = resolved(self._parts, text)
        await self._refused_as_problem(self._provisioning.power_ups.measure(station_id, readings, who.name))

    async def finish_power_up(self, who: Principal, text: str, handed_to: str | None) -> None:
        """End the run, signed; what is open stays open in its record. Raises Problem."""
        self._check(who, text)
        ending = self._provisioning.power_ups.finish(resolved(self._parts, text), who.name, handed_to)
        try:
            await self._refused_as_problem(ending)
        except IssuerKeyUnusable as problem:
            raise key_unusable(problem) from problem

    async def tick(self, who: Principal, text: str, checks: Sequence[str]) -> None:
        """Lines of the product's checklist that are so. Raises Problem."""
        self._check(who, text)
        station_id = resolved(self._parts, text)
        await self._refused_as_problem(self._provisioning.power_ups.tick(station_id, checks, who.name))

    async def photos(self, who: Principal, text: str) -> list[RunPhoto]:
        """Those of the last run. Raises Problem."""
        self._check(who, text)
        return await self._provisioning.power_ups.photos.of_last_run(resolved(self._parts, text))

    async def add_photo(self, who: Principal, text: str, item: str, content: bytes) -> None:
        """A photo of the open run, as a camera made it. Raises Problem."""
        self._check(who, text)
        station_id, photos = resolved(self._parts, text), self._provisioning.power_ups.photos
        if len(content) > PHOTO_BYTES_LIMIT:
            raise Problem(413, "body_too_long", NO_PICTURE, ANOTHER_PHOTO)
        try:
            photo = await read_photo(content, self.thread)
        except PhotoError as error:
            raise Problem(422, "photo_unreadable", NO_PICTURE, ANOTHER_PHOTO) from error
        claim = photo.claim(item)
        await self._refused_as_problem(photos.announce(station_id, claim, who.name))
        await self._refused_as_problem(photos.receive(station_id, claim.sha256, 0, photo.content, who.name))

    async def box_check(self, who: Principal, text: str) -> BoxCheckView | None:
        """The act that is waited for at a box, or was; None where there was none. Raises Problem."""
        self._check(who, text)
        check = await self._refused_as_problem(
            self._provisioning.box_checks.look(resolved(self._parts, text))
        )
        now = self._provisioning.station_cache.clock.now()
        return box_check_view(check, check.state(now)) if check is not None else None

    async def begin_box_check(self, who: Principal, text: str, body: BoxCheckBody) -> None:
        """Wait a minute for an act at the box. Raises Problem."""
        self._check(who, text)
        station_id = resolved(self._parts, text)
        checks = self._provisioning.box_checks
        await self._refused_as_problem(checks.begin(station_id, body.act, who.name, body.id_token))

    async def exchange(self, who: Principal, text: str, other: str) -> str:
        """Exchange two boxes that were claimed the wrong way round; the id of the other. Raises Problem."""
        both = resolved(self._parts, text), resolved(self._parts, other)
        for each in both:
            may_request(self._parts, each, who, Permission.CLAIM)
        await self._refused_as_problem(self._provisioning.use_cases.exchanging.exchange(*both, who.name))
        return both[1]

    def published_keys(self) -> str:
        """What a browser verifies certificates with. Raises Problem."""
        try:
            return self._provisioning.power_ups.hand_over.published()
        except IssuerKeyUnusable as problem:
            raise key_unusable(problem) from problem

    async def verified(self, file: bytes, beside: Sequence[tuple[str, bytes]]) -> VerifiedFile:
        """Whether a certificate is one, with what lies beside it. Raises Problem."""
        try:
            return await self._provisioning.power_ups.hand_over.verified_files(file, beside)
        except IssuerKeyUnusable as problem:
            raise key_unusable(problem) from problem

    def window(self, station_id: str) -> WindowView | None:
        """The last test window of a station; None where there was none."""
        named = resolved(self._parts, station_id)
        try:
            return window_view(named, self._provisioning.use_cases.trying_out.window(named))
        except ProvisioningProblem:
            return None

    async def open_window(self, who: Principal, text: str, body: WindowBody) -> None:
        """Let one token charge for some minutes. Raises Problem."""
        self._check(who, text)
        station_id = resolved(self._parts, text)
        lasts = timedelta(seconds=body.lasts_s)
        await self._refused_as_problem(
            self._provisioning.use_cases.trying_out.open(station_id, body.token(), who.name, lasts)
        )

    async def close_window(self, who: Principal, text: str) -> None:
        """End the trying out. Raises Problem."""
        self._check(who, text)
        station_id = resolved(self._parts, text)
        await self._refused_as_problem(self._provisioning.use_cases.trying_out.close(station_id, who.name))

    def _check(self, who: Principal, text: str) -> None:
        """Whether they may try this station out. Raises Problem."""
        may_request(self._parts, resolved(self._parts, text), who, Permission.TRY_OUT)

    @staticmethod
    async def _refused_as_problem(doing: Awaitable[T]) -> T:
        try:
            return await doing
        except ProvisioningProblem as problem:
            raise problem_from(problem) from problem

    def new_key(self) -> str:
        """What tells one form from another: sent twice, it is taken once."""
        return str(self._provisioning.station_cache.chance.uuid())

    @property
    def _jobs(self) -> Jobs:
        return self._provisioning.use_cases.jobs

    def _is_theirs(self, planned: PlannedJob, who: Principal) -> bool:
        site = self._provisioning.station_cache.sites[planned.job.site_id]
        return planned.job.account == who.name or may(who, Permission.PLAN_JOBS, site_resource(site))
