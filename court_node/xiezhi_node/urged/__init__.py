"""督办 that this court has received (practice.md §2, §8): one person writes the reply, the 执行局长 signs it off.

`store` keeps the reply that waits, `reply` sends it up, `reading` puts a 督办 together, `service` takes the calls.
"""
