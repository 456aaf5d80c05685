"""The flows: the only room that knows Prefect. A flow's body reads like the path; a task is one step on one batch."""
