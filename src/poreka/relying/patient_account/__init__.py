"""The pages of a patient account, shown alike by the account itself and by its phone app (K3, K4)."""
