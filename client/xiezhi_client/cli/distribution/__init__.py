"""参与分配: commands of the creditors' courts and of the court that presides.

``command``   the group of all commands
``creditor``  what the court of a creditor does in its matter
``presiding`` what the presiding court does
``shown``     plans and distributions on the screen
"""
