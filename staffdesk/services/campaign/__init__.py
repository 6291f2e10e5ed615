"""Product news: who may get it and why, what the campaign service is told, how its list differs from ours."""
