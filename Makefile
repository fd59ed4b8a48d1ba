# Shorter names for the usual commands.
.PHONY: help up test quick check

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile

up: ## start everything (./start)
	./start

test: ## all tests (./test)
	./test

quick: ## only the quick tests
	./test --quick

check: ## tests, linters, types, borders between rooms
	.ci/run
