// DenseSolvers
