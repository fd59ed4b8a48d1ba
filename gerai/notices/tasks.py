"""The job that sends a notice, with growing pauses between tries (4 seconds, 16, ... hours), and its rescue."""

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from gerai.core import clock
from gerai.notices import pushing, rules, services


@app.task(name=rules.JOB, retry=RetryStrategy(max_attempts=rules.ATTEMPTS, exponential_wait=4))
def deliver(notice_id: int) -> None:
    """Send one."""
    services.deliver(notice_id=notice_id, now=clock.now())


@app.task(name=rules.PUSH_JOB)
def push(notice_id: int, device_id: int) -> None:
    """Push one to a device; what must wait has a further job."""
    pushing.push(notice_id=notice_id, device_id=device_id, now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="notices.resume", queueing_lock="notices.resume", pass_context=True)
async def resume(context: JobContext, timestamp: int) -> None:
    """Every minute: a job whose worker was killed is begun again, else its message would never be sent."""
    jobs = context.app.job_manager
    for name in (rules.JOB, rules.PUSH_JOB):
        for job in await jobs.get_stalled_jobs(task_name=name):
            await jobs.retry_job(job)
